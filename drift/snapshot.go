package drift

import (
	"time"

	"github.com/lockstep-dr/lockstep/topology"
)

// SnapshotSchema names the file format written by `lockstep snapshot`.
const SnapshotSchema = "lockstep.snapshot/v1"

// Snapshot is everything read from one Region at one time. All I/O with AWS
// ends here; whatever follows works from two such values.
type Snapshot struct {
	Schema  string          `json:"schema"`
	App     string          `json:"app"`
	Region  topology.Region `json:"region"`
	Account string          `json:"account"`
	TakenAt time.Time       `json:"taken_at"`
	// Run identifies the process that took the snapshot. Secret digests are
	// comparable only between snapshots of one run (see Secret).
	Run       string     `json:"run"`
	Release   *Release   `json:"release,omitempty"`
	Stacks    []Stack    `json:"stacks"`
	Resources []Resource `json:"resources"`
	Facts     []Fact     `json:"facts"`
	Gaps      []Gap      `json:"gaps"`
}

// Release is what the Region's ledger says it runs.
type Release struct {
	ID         string    `json:"id"`
	Name       string    `json:"name,omitempty"`
	Commit     string    `json:"commit,omitempty"`
	DeployedAt time.Time `json:"deployed_at"`
	// Outcome is the ledger's record of how the deploy ended in this Region,
	// "done" when it ended well.
	Outcome string `json:"outcome"`
	// LeftOut are Regions that the deploy left behind on purpose.
	LeftOut []string `json:"left_out,omitempty"`
	// Unfinished says in words that a later deploy has not ended; empty: none.
	Unfinished string `json:"unfinished,omitempty"`
}

// Stack is one CloudFormation stack of the application as deployed.
type Stack struct {
	// Key is the stack's name in the configuration (the reference Region's
	// name where names differ): what pairs it with its sibling.
	Key  string `json:"key"`
	Name string `json:"name"`
	ID   string `json:"id"`
	// Status is the CloudFormation stack status; empty when the stack does not exist.
	Status       string `json:"status"`
	StatusReason string `json:"status_reason,omitempty"`
	// Template is the deployed template as a canonical tree (intrinsics in
	// long form); TemplateDigest is the SHA-256 of its canonical JSON.
	Template       any               `json:"template,omitempty"`
	TemplateDigest string            `json:"template_digest,omitempty"`
	Parameters     map[string]string `json:"parameters,omitempty"`
	Outputs        map[string]string `json:"outputs,omitempty"`
	Tags           map[string]string `json:"tags,omitempty"`
	// Conditions are what the template's conditions come to in this Region;
	// one that could not be decided is not among them.
	Conditions map[string]bool `json:"conditions,omitempty"`
	UpdatedAt  time.Time       `json:"updated_at,omitzero"`
}

// Resource is one resource of the application, read in full or not present at
// all: a resource that could not be read is a Gap, never a partial Resource.
type Resource struct {
	// Key pairs the resource with its sibling: "<stack key>/<logical id>".
	Key string `json:"key"`
	// Type is the CloudFormation type, for example "AWS::SQS::Queue".
	Type string `json:"type"`
	// ID is the physical id, in the form CloudFormation's Ref returns.
	ID string `json:"id"`
	// Identities are the other strings that name this very resource, by
	// attribute: "Arn", "Name", "Endpoint", "QueueUrl", ... They become
	// symbols wherever another resource mentions them.
	Identities map[string]string `json:"identities,omitempty"`
	// Properties is a closed tree (see Value) in CloudFormation's shape and
	// names. Read-only values that carry meaning (CodeSha256) are kept.
	Properties map[string]any `json:"properties"`
	// Declared is what the deployed template says for this resource with the
	// Region's parameters, other resources as symbols; nil when unknown. It
	// decides a finding's cause.
	Declared map[string]any `json:"declared,omitempty"`
	// Undeclared says why Declared is not known.
	Undeclared string `json:"undeclared,omitempty"`
	// Pending is what the repository's template says for this resource with the
	// parameters the configuration gives in this Region, where that is not what
	// is deployed; nil otherwise.
	Pending map[string]any `json:"pending,omitempty"`
	// Planned says that a change that was not made yet is in Properties: what
	// refers to something that does not exist yet is a symbol there, as in
	// Declared. Empty: as it was read.
	Planned Planned `json:"planned,omitempty"`
	// Via is how it was read: "native", "cloudcontrol".
	Via string `json:"via,omitempty"`
	// Tags that the resource carries, without those AWS reserves (aws:*).
	Tags map[string]string `json:"tags,omitempty"`
	// Location is where the source template declares it, if known.
	Location *Location `json:"location,omitempty"`
}

// Planned is what a change that was not made yet does to a resource.
type Planned string

// The plans.
const (
	PlannedCreate Planned = "create" // it does not exist, so that no fact of it can be known
	PlannedUpdate Planned = "update"
)

// Location points into a file of the repository.
type Location struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// Fact is something true of a Region, or of one resource in it, that is no
// property: a state, a checksum, a metric, a quota.
type Fact struct {
	// Kind names the fact, for example "lambda.State". See the Fact* constants.
	Kind string `json:"kind"`
	// Subject is the key of the resource it is about, or another stable name
	// that is equal in both Regions; empty for the Region as a whole.
	Subject string    `json:"subject,omitempty"`
	Value   any       `json:"value"`
	At      time.Time `json:"at,omitzero"`
}

// Gap is something that should have been read and could not be.
type Gap struct {
	Region string `json:"region"`
	// Resource is the resource key, a stack key, or empty for the whole Region.
	Resource string `json:"resource,omitempty"`
	Type     string `json:"type,omitempty"`
	// Operation that was refused or failed, as its IAM action: "kms:DescribeKey".
	Operation string `json:"operation"`
	// Reason is a short code: AccessDenied, Throttled, NotFound, Unsupported,
	// Timeout, Expired, ... or the service's own error code.
	Reason string `json:"reason"`
	// Message is the untrusted text of the error, for people.
	Message string `json:"message,omitempty"`
	// Fact is the kind of fact that is missing, when it is a fact that could
	// not be read and the resource itself was.
	Fact string `json:"fact,omitempty"`
	// Property is the property that is missing, when the rest of the resource
	// (or of the stack) was read: nothing may be concluded about it. A gap of a
	// stack without a Property says that its resources are not known.
	Property string `json:"property,omitempty"`
	// NeededBy lists the rules that wait for this; filled by readiness.
	NeededBy []string `json:"needed_by,omitempty"`
}
