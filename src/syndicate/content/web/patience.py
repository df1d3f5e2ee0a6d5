"""When a site has been asked enough for now."""

IN_A_ROW = 3  # requests that are not answered: then the site rests, and nobody waits for the others
BUSY = {429, 503}  # the site itself says that it is asked too much (RFC 6585 4, RFC 9110 15.6.4)
