"""`tenfour demo`: a city's calls become texts, people answer, and a satisfaction figure comes out."""
