// Package availability says in which Regions AWS offers a CloudFormation
// resource type.
//
// It owns types.json.gz, an extract of the CloudFormation registry schemas of
// every Region as shipped by cfn-lint 1.51.0 (MIT-0), as of August 2026. A type
// that is missing in a Region there may have arrived since: what is concluded
// from it is an explanation, never a verdict of its own.
//
// To refresh it: take the registry schemas (AWS publishes them per Region as
// CloudformationSchema.zip), leave out Regions whose data only repeats
// us-east-1's, write {"source": …, "regions": […], "types": {name: indexes of
// the Regions that lack it}} with sorted keys, and compress it with gzip -9n.
package availability
