"""Mappings of a vendor's payloads, tried on a sample field by field."""
