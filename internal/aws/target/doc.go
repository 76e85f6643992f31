// Package target drives what a release changes in one Region of AWS. It owns
// the CloudFormation stack target: how it is planned with a change set,
// carried out, followed until it settles, taken back from a saved image, and
// what each of CloudFormation's statuses means on the way (statuses.go).
//
// It refuses to guess: a throttled or lost call is never a verdict, a status
// or error nobody foresaw ends in a clear refusal, and whatever could not be
// read is reported as not known. It never skips resources, never forces and
// never deletes a stack that this application's own deploy did not create.
package target
