"""The description of the webhooks for programs, made of the types that read them and of docs/vendor/webhook.md's words."""
