"""Pages of administrators (units, posts, people, rights), of auditors, and everybody's delegations."""
