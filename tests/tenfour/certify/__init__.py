"""`tenfour certify`: a right sender, wrong ones, recordings, the command and its page."""
