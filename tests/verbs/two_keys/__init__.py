"""A machine of random people at one desk: `desk` has who acts on what, `acts` what they may do, `always` what must then be so."""
