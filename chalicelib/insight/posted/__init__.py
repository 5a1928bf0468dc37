"""What a vendor sees of its own posts: how one would be understood, before or instead of storing it."""
