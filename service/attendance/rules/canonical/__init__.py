"""The order of F.3: what `recommended` says, and every rule set made of the same parameters."""
