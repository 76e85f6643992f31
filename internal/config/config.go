package config

import (
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// Config is a configuration file that was read without problems.
type Config struct {
	// File is the path as given, for messages.
	File       string
	App        string
	Topology   topology.Topology
	Objectives topology.Objectives
	Takeover   topology.Takeover
	// ExternalIDs holds the external id to pass when assuming a Region's role,
	// by Region code, for the Regions that have one.
	ExternalIDs map[string]string
	// Release lists the targets in the order they are deployed.
	Release []Target
	// Deploy is how the release is brought to the Regions.
	Deploy Deploy
	// Inventory lists what is watched but not deployed from here.
	Inventory []Inventory
	// Accept is drift.accept, in the order of the file.
	Accept []drift.Waiver
	// Expired are the waivers of drift.accept and gate.waivers whose last day has
	// passed. They are in none of the lists that accept anything.
	Expired []drift.Waiver
	// FailOn is drift.fail-on: "block", "warn", "info" or "never".
	FailOn string
	Policy readiness.Policy
	Gate   Gate
	// QuotaShare is read.quota-share: 0.3 for 30%.
	QuotaShare float64
	// RulePositions says where the file names a rule first, by rule id. Whether
	// such a rule exists is for the caller to decide.
	RulePositions map[string]Position
	// Warnings are worth saying and stop nothing, sorted by position.
	Warnings []Problem
}

// Gate is how the gate judges what it found.
type Gate struct {
	// Block is "any" (every blocking finding counts) or "regressions" (only
	// those that the change under review brings).
	Block string
	// ForkPolicy is "fail" or "defer": what a pull request does that GitHub gives
	// no credentials to, and whose templates show nothing that blocks.
	ForkPolicy string
	// MaxAge is how old a snapshot from a file may be; zero: any age.
	MaxAge time.Duration
	// BreakGlass is the label of a pull request that lets it pass whatever the
	// verdict; empty: nobody may.
	BreakGlass string
	// BreakGlassAuthor says that the author of the pull request may set it, too.
	BreakGlassAuthor bool
	// Own are the rules that the team wrote, in the order of the file. Whether
	// their expressions mean anything is for the caller to decide.
	Own []OwnRule
}

// OwnRule is a rule of the team.
type OwnRule struct {
	ID       string
	Severity drift.Severity
	Message  string
	Fix      string
	// Expression is CEL.
	Expression string
	Reads      []string
	// MayBeEmpty says that none of what Reads names need to be there.
	MayBeEmpty bool
	// Pos is where the rule's id stands.
	Pos Position
	// value and body are where the expression stands and begins.
	value, body Position
}

// At is the place in the file of a line and a column of the expression, counted
// from 1; of the expression as a whole where YAML folded its lines.
func (r OwnRule) At(line, column int) Position {
	switch {
	case r.body == Position{}:
		return r.value
	case line <= 1:
		return Position{r.body.Line, r.body.Column + max(column, 1) - 1}
	case r.body.Line == r.value.Line:
		return r.value // a plain or quoted text over several lines
	}
	return Position{r.body.Line + line - 1, r.body.Column + max(column, 1) - 1}
}

// Target is one thing a release changes, the same in every Region. Exactly one
// kind is set.
type Target struct {
	CloudFormation *Stack
	Lambda         *Function
	ECS            *Service
	S3             *Site
	Terraform      *Workspace
	Command        *Command
	Pos            Position
}

// Key is the name of the target in the release.
func (t Target) Key() string {
	switch {
	case t.CloudFormation != nil:
		return t.CloudFormation.Key
	case t.Lambda != nil:
		return t.Lambda.Key
	}
	if t.ECS != nil {
		return t.ECS.Key
	}
	if t.S3 != nil {
		return t.S3.Key
	}
	if t.Terraform != nil {
		return t.Terraform.Key
	}
	return t.Command.Key
}

// Stacks are the targets of the release that are CloudFormation stacks.
func (c *Config) Stacks() []Target {
	var stacks []Target
	for _, t := range c.Release {
		if t.CloudFormation != nil {
			stacks = append(stacks, t)
		}
	}
	return stacks
}

// Stack is one CloudFormation stack and its siblings, with defaults and
// per-Region overrides already merged.
type Stack struct {
	// Key is the stack's name in the reference Region; it pairs the siblings
	// and is what {output: Key.Output} names.
	Key string
	// Regions holds one entry for every configured Region.
	Regions map[string]StackInRegion
	// Assets are the same in every Region.
	Assets []Asset
	// RecreateFailed and Repair allow a stack that failed or got stuck earlier
	// to be made deployable again.
	RecreateFailed, Repair bool
	// ImportExisting takes resources that exist already under their names into
	// the stack instead of failing.
	ImportExisting bool
}

// Asset is a local file or directory that the template takes from a bucket.
type Asset struct {
	// Path is a clean slash-separated path below the working directory.
	Path string
	// BucketParameter and KeyParameter are the parameters of the template that
	// receive the Region's bucket and the object's key.
	BucketParameter, KeyParameter string
	Pos                           Position
}

// StackInRegion is a stack as one Region shall have it.
type StackInRegion struct {
	Name string
	// Template is a clean slash-separated path below the working directory.
	Template    string
	TemplatePos Position
	Parameters  map[string]Value
	Tags        map[string]string
	// Capabilities are sorted and without duplicates.
	Capabilities []string
	// ServiceRole is the ARN of the role CloudFormation acts with; empty: the caller's.
	ServiceRole string
	// NotificationARNs are topics for the stack's events; nil: left alone.
	NotificationARNs []string
	// RollbackAlarms take an update back if they ring while it runs, or for
	// RollbackMonitor after it; nil: left alone, empty: none.
	RollbackAlarms  []string
	RollbackMonitor time.Duration
	// Policy is the stack policy as JSON, or PolicyFile the clean path of it
	// below the working directory; both empty: that of the stack is left alone.
	Policy, PolicyFile string
	PolicyPos          Position
	// Bucket holds templates above 51,200 bytes and assets; empty: none was named.
	Bucket string
}

// Value is what a stack parameter is given: a literal, or an output of an
// earlier target in the same Region when Output is set.
type Value struct {
	// Literal keeps the spelling of the file: 1.10 is "1.10". A list is joined by commas.
	Literal string
	Output  *OutputRef
	Pos     Position
}

// OutputRef names an output of a stack deployed earlier in the release.
type OutputRef struct {
	Stack  string // the stack's Key
	Output string
}

// Inventory is one source of resources that are watched but not deployed from
// here. Exactly one kind is set.
type Inventory struct {
	Terraform      *TerraformState
	Tags           map[string]string
	CloudFormation *WatchedStack
	Pos            Position
}

// TerraformState says where each Region's state is: an s3:// URL or a clean
// path below the working directory. Several Regions may share one.
type TerraformState struct {
	// Name is unique among the Terraform inventories; empty: there is one only.
	Name  string
	State map[string]string
}

// WatchedStack is a stack that other tools deploy.
type WatchedStack struct {
	// Key is the name in the reference Region.
	Key string
	// Names holds the stack's name in every configured Region.
	Names map[string]string
}
