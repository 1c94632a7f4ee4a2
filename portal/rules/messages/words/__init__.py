"""Tables of words: data that the recognisers read, to be extended without touching them."""
