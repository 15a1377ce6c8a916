"""Một Cửa: a public-service portal for a Vietnamese province and its wards, joined to the public post."""
