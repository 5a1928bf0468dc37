"""What people run: the `tenfour` command and everything behind it. Nothing in here goes to Lambda."""
