// Package session opens one door to AWS per Region.
//
// It owns credentials (ambient, or a role assumed through the Region's own STS endpoint), the check that they belong to the
// expected account, retries, per-attempt timeouts, the token buckets that keep Lockstep from starving the account's own
// control plane, and Classify: the one place where an error of the SDK becomes a reason a person or a rule can act on.
//
// It refuses to mix reading and writing. A Session hands out a configuration that may write and a ReadOnly one whose
// requests are stopped before they are signed unless the operation is a read. There is no ambient Region: whatever this
// package returns names its own.
package session
