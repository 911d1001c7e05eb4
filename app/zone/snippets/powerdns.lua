rpzPrimary("<address>:<port>", "rpz.<list name>", {
    tsigname="<key name>", tsigalgo="<algorithm>", tsigsecret="<secret>",
    policyName="rpz.<list name>", defpol=Policy.NXDOMAIN, refresh=30,
    dumpFile="<folder>/rpz.dump", seedFile="<folder>/rpz.dump"})
