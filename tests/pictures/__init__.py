"""Every place where a picture goes in, with every kind of picture."""
