"""Second factors: an app that makes codes, passkeys, recovery codes; what waits between the two steps."""
