"""Commands for those who maintain or fork the project; a learner needs none of them."""
