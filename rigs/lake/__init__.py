"""`tenfour lake-measure`: the lake of a made-up city, filled and reported, with time and memory measured."""
