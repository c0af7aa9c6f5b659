"""access: who may see what. API keys, sessions of browsers, one-use sign-in links, the audit.

A key carries scopes (what) and sites (where; none means everywhere). Secrets are random, 256 bits, kept only
as SHA-256, shown once. Whoever needs to know who is asking reads `scope["state"]["caller"]`.
"""
