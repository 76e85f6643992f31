// Package read turns the resources that a Region's stacks list into what they really are.
//
// It owns one native reader per service, batched where AWS allows it, and Cloud Control for every other type. A reader says
// as data (Spec) which types it reads, which properties it covers, which IAM actions it needs and which values are secret;
// `lockstep iam` and the documentation are made from that. Properties come out in CloudFormation's names and shape. States
// that ride along with a description (a function's state, a key's state) become facts, at no extra call.
//
// It refuses three things. It never takes an error for an absence: what a service refused, throttled or does not know is a
// Gap, of the resource or of one property. It never calls anything that writes: its interfaces list reads alone. And no
// secret value leaves it: they are sealed before a resource is returned.
package read
