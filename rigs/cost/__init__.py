"""What tenfour costs at AWS, from calls that were made and units that were counted."""
