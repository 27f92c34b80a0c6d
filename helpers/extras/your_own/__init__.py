"""Classes of your own in place of ten digits."""
