"""The page of explanations: what agencies were asked, what they answered; asking, and what is done with answers."""
