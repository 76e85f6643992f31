// Package core is what a simulated service is made of: a World (store, clock, ids, kinds), a Service (operations by name)
// and a Kind (a CloudFormation resource type). It owns the life cycle of resources, so that a service's API, CloudFormation
// and Cloud Control change the same live state in the same way. It knows no particular service.
//
// # Adding a service
//
// Write a package internal/awssim/NAME with a function Service() core.Service and add one line to internal/awssim/services.go.
// Package ssm is the complete example. A Service has:
//
//   - Name: the signing name in the credential scope (ssm, monitoring, events, logs, apigateway, ...).
//   - Namespace: the XML name space, for services that somebody may call by a query protocol (sns, iam, ec2, sts).
//   - Rest and Routes: for rest-json and rest-xml services; every Route names an operation. Path labels, query parameters
//     and the JSON body arrive merged in Call.In, under the names the API uses on the wire.
//   - Rewrite: what routing sees instead of the request, for S3, whose bucket may be in the host name.
//   - EC2: true for the one service that speaks ec2Query. Global: true for iam and others without Regions.
//   - Operations: operation name to Handler. RPC services need nothing else; the same handler answers JSON, CBOR and query.
//   - Kinds: the resource types that belong to the service.
//
// A Handler reads c.In (accessors String, Int, Bool, List, Objects, Strings, StringMap, Blob tolerate the text values of
// query strings), acts, and returns a tree (core.Out, slices, strings, numbers, time.Time, []byte) or a *wire.Error with the
// code and text AWS uses. wire.Map marks members that are maps, not structures, for services spoken to in query. *wire.Raw
// returns a status, headers and body as they are (S3, 201 and 204 answers). Unknown operations are answered by the core.
//
// Reads go through c.Read() (c.World.Store as this caller may see it: faults can make it stale), c.Get or c.List. Writes of
// resources go through c.Create, c.Update and c.Delete, never straight into the store, so that the Kind's rules apply.
// What is not a resource (messages in a queue, objects, sessions) may live in Resource.Private or under a type of your own
// ("sim::S3::Object") through c.World.Store. Use core.Paginate for NextToken,
// core.Tagging for the operations on tags and core.PolicyKind for policies that are written into other resources.
//
// # Adding a resource kind
//
// A Kind is mostly a table:
//
//	core.Kind{
//		Type:       "AWS::SQS::Queue",
//		Name:       core.NameRule{Property: "QueueName", Max: 80},  // generated as Stack-Logical-RANDOM when absent
//		Identifier: []string{"QueueUrl"},                         // properties or attributes; "|" joins several
//		Attributes: map[string]string{                            // patterns over {Account} {Region} {ID}, attributes, properties
//			"QueueUrl": "https://sqs.{Region}.amazonaws.com/{Account}/{QueueName}",
//			"Arn":      "arn:aws:sqs:{Region}:{Account}:{QueueName}",
//		},
//		Ref:      "{QueueUrl}",
//		Replace:  []string{"QueueName", "FifoQueue"},  // a change creates a new resource and deletes the old one
//		Defaults: map[string]any{"VisibilityTimeout": 30},
//	}
//
// Schema says which properties are required, which are numbers and booleans (text is converted, as parameters of templates
// are text), and which values are allowed; Invalid is the code of the service's own API for a violation. Package shape turns
// properties into the shapes of APIs, package coretest is the workbench for tests. Reads of what belongs together go through
// View.Prefix, so choose identifiers that begin with their owner.
//
// Hooks Create, Update and Delete add what a table cannot say: they get a Change, may alter Change.Resource (properties,
// attributes, private state) or return an error, which CloudFormation reports as the reason of the failed resource. They run
// before the store is written and may run again when a write collides, so they must have no side effect but on the Change
// and idempotent writes to the store. Fn::GetAtt looks in Attributes, then in Properties (dots walk into maps). Properties
// hold the CloudFormation shape; the service's handlers translate to and from it. Tags are split off into Resource.Tags.
//
// Types without a Kind live generically: whatever properties, a generated id, an Arn.
package core
