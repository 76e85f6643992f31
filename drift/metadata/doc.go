// Package metadata says what AWS publishes about CloudFormation resource
// types: which properties are identifiers, read-only, write-only, fixed at
// creation, unordered, or tags.
//
// It owns types.json.gz, an extract of the CloudFormation registry schemas of
// us-east-1 as shipped by cfn-lint 1.51.0 (MIT-0), and nothing else: no rule
// about drift lives here. The schemas are not always right (half of all arrays
// say nothing about order), so package drift keeps tables of its own beside it.
//
// To refresh it: take the registry schemas (AWS publishes them per Region as
// CloudformationSchema.zip), write for every type the columns named in the
// comments of Type as one JSON object {"source": …, "types": {name: columns}}
// with sorted keys, and compress it with gzip -9n.
package metadata
