"""`tenfour local`: a whole city on one machine, with an AWS emulator, the packaged stack, carriers and phones."""
