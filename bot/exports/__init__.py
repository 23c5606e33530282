"""Pictures and files made of what the network reported."""
