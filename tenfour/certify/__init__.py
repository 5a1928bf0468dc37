"""`tenfour certify`: a sender's requests, recorded or live, and the report about them."""
