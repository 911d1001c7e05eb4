rpzFile("<folder>/rpz.zone", {policyName="rpz.<list name>", defpol=Policy.NXDOMAIN})
