// Package preflight looks, before a deploy touches anything, whether a Region
// has what the release's templates name and do not make themselves: images,
// code objects, certificates, keys, secrets, parameters, machine images and
// instance types. Each Region's look is one deploy.Check. It also names the types that
// AWS may not offer in a Region, which it knows from a list and does not look up.
//
// It refuses to guess: only what a template says as literal text for this very
// Region and account is looked up; whatever rests on a value that is not known
// yet is left to CloudFormation. What could not be looked at never counts as there.
package preflight
