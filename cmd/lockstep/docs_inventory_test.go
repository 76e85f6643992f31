package main

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

// inventoryMarkdown is docs/inventory.md: where resources come from, and the
// tables by which Terraform's and tagged ones are known.
func inventoryMarkdown() string {
	var b strings.Builder
	b.WriteString(inventoryIntroduction)
	b.WriteString("| Terraform type | CloudFormation type | physical id | shown by |\n|---|---|---|---|\n")
	for _, row := range terraform.Types() {
		name := "`" + row.Terraform + "`"
		if row.When != "" {
			name += " where " + codes(strings.Fields(row.When))
		}
		if row.By != "" {
			property := "any property"
			if row.Property != "" {
				property = "`" + row.Property + "`"
			}
			fmt.Fprintf(&b, "| %s | a part of %s | | %s of the one called %s |\n", name, row.CloudFormation, property, alternatives(row.By))
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s | |\n", name, row.CloudFormation, alternatives(row.ID))
	}
	b.WriteString(inlineIntroduction)
	for _, row := range terraform.Inlines() {
		unless := ""
		if row.Unless != "" {
			unless = "`" + row.Unless + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", row.Terraform, row.Attribute, row.CloudFormation, unless)
	}
	b.WriteString(taggedIntroduction)
	for _, row := range inventory.TaggedTypes() {
		pairs := "its name"
		switch {
		case row.Ignored != "":
			row.Type, pairs = "left out: "+row.Ignored, ""
		case !row.Named:
			pairs = "the tag `Name`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", row.Service, row.Resource, row.Type, pairs)
	}
	return b.String()
}

func alternatives(patterns string) string {
	list := strings.Fields(patterns)
	for i := range list {
		list[i] = "`" + strings.ReplaceAll(list[i], "|", `\|`) + "`"
	}
	return strings.Join(list, " or ")
}

const inventoryIntroduction = `# Inventory

` + generatedNote + `Where the resources come from that Lockstep compares: the stacks of the release, and whatever ` + "`inventory`" + ` names beside them.
Sources mix freely. What two of them list is taken once: from a stack before a Terraform state, from a state before tags. All
resources are read from AWS by the same readers and compared by the same rules; a source only says what exists.

Whatever a source cannot say is a gap, and nothing that it might hide is called missing: a state that may not be read, a page of
tags that does not come, a type that Lockstep does not know. A state that does not exist, or is none, is a wrong setup (exit
code 2).

## Stacks

` + "`- cloudformation: {stack: NAME}`" + `, or a name for every Region where they differ. Nested stacks are followed. Resources pair by stack
and logical id. Only for stacks is it known what the code declares, and so why Regions differ; for the other sources the cause of a
difference is ` + "`unknown`" + `.

## Terraform states

` + "`- terraform: {state: {us-east-1: WHERE, us-west-2: WHERE}}`" + `, where a state is ` + "`s3://bucket/key`" + ` or a file: what a backend keeps
(format 4, of Terraform since 0.12 and of OpenTofu unless it is encrypted), or the output of ` + "`terraform show -json`" + `. A state that
holds several Regions is named for each of them. Which edition of a state was read is in the snapshot (fact ` + "`terraform.State`" + `).

Only ids, names, ARNs and references are taken from a state. Outputs are never looked at, and an attribute that is marked
sensitive is never taken.

* **Left out on purpose:** data sources, resources of other providers, deposed objects. A lock file beside a state is ignored: a
  state that is being written is the one before.
* **Region:** that of the ARN, of the ` + "`region`" + ` attribute (provider version 6), of an address or zone in the attributes; else the one in
  which everything else of the same provider configuration is; else the one that the address speaks of. A global resource in a state
  of several Regions counts for the primary. What exists in no Region of the application is listed and not compared.
* **Pairs:** an address that both Regions have pairs as it is. What is left pairs by its address without Region codes
  (` + "`us-east-1`, `us_east_1`, `useast1`, `use1`" + `), provider aliases and role words (` + "`primary`; `standby`, `secondary`, `dr`" + `) in module
  names, keys and names: ` + "`module.us_east_1.aws_sqs_queue.q`" + ` and ` + "`module.us_west_2.aws_sqs_queue.q`" + `. The tag
  ` + "`lockstep:key`" + ` goes before all that. Where two would share a key, none is guessed: that is a gap.
* **Keys:** ` + "`terraform/ADDRESS`, or `terraform/NAME/ADDRESS`" + ` where the source has a name. A slash in an address is written as a colon.

A type that is not in this table is a gap with its address. The first row whose condition holds counts.

`

const inlineIntroduction = `
What Terraform lets one write inside another resource and CloudFormation makes one of its own, unless the state has that too:

| in | attribute | is | unless there is |
|---|---|---|---|
`

const taggedIntroduction = `
## Tags

` + "`- tags: {app: payments}`" + `: what the Resource Groups Tagging API lists with all of these tags. **The API does not list what never had a
tag**, some types never (IAM roles), and it lists what was deleted for a while; such a resource is a gap until it is gone from there.
Resources pair by the tag ` + "`lockstep:key`" + `; by the tags of their stack, name without Region and logical id; by type and name without the
Region; by type and the tag ` + "`Name`" + `. A resource without any of them, and two that share a key, are gaps. Of a task definition the newest
revision counts. Instances of an Auto Scaling group are left out: the group is compared.

The policies of buckets, queues and topics have no tags; they are looked for beside those. Whatever else cannot have tags is not
seen: permissions and aliases of functions, routes, deployments and methods of APIs. That a stage serves something unseen is a gap.
Where stacks or Terraform made the resources, name those: they list everything.

An ARN that is not in this table is a gap.

| service | resource | CloudFormation type | pairs by |
|---|---|---|---|
`
