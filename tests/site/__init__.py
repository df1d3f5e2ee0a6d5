# noqa: A005 - the name of the room; imported as tests.site, so it shadows nothing
