"""The keys with which vendors post, as an agency's people list and change them."""
