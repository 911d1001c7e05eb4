rpzFile("<folder>/rpz.zone", {policyName="rpz.<list name>"})
