"""Tables that a person brings: from the lines of a file to a data set."""
