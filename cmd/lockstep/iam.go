package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/aws/check"
	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	"github.com/lockstep-dr/lockstep/internal/aws/cost"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/aws/preflight"
	"github.com/lockstep-dr/lockstep/internal/aws/target"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/spf13/cobra"
)

// iamCommands are what --for takes.
var iamCommands = []string{"gate", "watch", "drift", "snapshot", "strategy", "deploy", "plan", "rehearse", "rollback", "recover", "freeze", "status"}

func newIAM(g *globals) *cobra.Command {
	command, judging := "", false
	cmd := &cobra.Command{
		Use:   "iam",
		Short: "Print the IAM policy a command needs for this configuration",
		Long: `Print the policy that a command needs in every Region, for the resource types in the
release's templates. With an inventory of Terraform states or tags it covers every type
that Lockstep reads by itself: which there are is known only when they are read. Resources are "*" where names are not known beforehand: narrow
them where your account's naming allows it. kms:Decrypt is allowed through Parameter
Store and S3 alone: encrypted parameters are compared by their digests, and Terraform
states are read.

For deploy: what CloudFormation does to the resources themselves needs permissions of
its own, those of the caller or of the stack's service role; they are not in here.`,
		Example: `  lockstep iam --for gate
  lockstep iam --for deploy
  lockstep iam --for plan --preconditions     for plan --preconditions as well`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if !slices.Contains(iamCommands, command) {
				return usageError{fmt.Errorf("--for %q: use %s", command, strings.Join(iamCommands, ", "))}
			}
			cfg, err := g.load()
			if err != nil {
				return err
			}
			cfg.Deploy.Preconditions = cfg.Deploy.Preconditions || judging
			return g.printPolicy(cfg, command)
		},
	}
	cmd.Flags().StringVar(&command, "for", "gate", "the `command`: "+strings.Join(iamCommands, ", "))
	cmd.Flags().BoolVar(&judging, "preconditions", false, "deploy and plan: also what --preconditions reads, where deploy.preconditions does not ask for it")
	return cmd
}

// policy is an IAM policy document.
type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource string
	// Condition is operator, key and values.
	Condition map[string]map[string][]string `json:",omitempty"`
}

func allow(sid, resource string, actions []string) statement {
	return statement{Sid: sid, Effect: "Allow", Action: actions, Resource: resource}
}

func (g *globals) printPolicy(cfg *config.Config, command string) error {
	files, err := readTemplates(g, cfg)
	if err != nil {
		return err
	}
	entries := "arn:*:ssm:*:*:parameter/lockstep/*"
	document := policy{Version: "2012-10-17"}
	switch command {
	case "deploy":
		document.Statement = append([]statement{allow("LockstepDeploys", "*", targetActions(cfg)), allow("LockstepLooksAhead", "*", preflight.Actions()),
			allow("LockstepLedger", entries, ledger.Actions())}, checks(cfg)...)
		document.Statement = append(document.Statement, g.judging(cfg, files)...)
	case "rollback", "recover":
		document.Statement = append([]statement{allow("LockstepDeploys", "*", targetActions(cfg)), allow("LockstepLedger", entries, ledger.Actions())}, checks(cfg)...)
	case "freeze":
		document.Statement = []statement{allow("LockstepLedger", entries, ledger.Actions())}
	case "plan":
		document.Statement = append([]statement{allow("LockstepPlans", "*", targetActions(cfg)), allow("LockstepLooksAhead", "*", preflight.Actions()), allow("LockstepLedger", entries, ledger.ReadActions())}, checks(cfg)...)
		document.Statement = append(document.Statement, g.judging(cfg, files)...)
	case "rehearse":
		document.Statement = []statement{allow("LockstepRehearses", "*", targetActions(cfg))}
	case "status":
		document.Statement = []statement{allow("LockstepLedger", entries, ledger.ReadActions())}
	default:
		document.Statement = g.reading(cfg, files, command == "strategy")
		if command == "gate" && cfg.Gate.BreakGlass != "" {
			document.Statement = append(document.Statement, allow("LockstepKeepsWhoLetAChangePass", ledger.OverrideParameters, ledger.WriteOverrideActions()))
		}
		if command == "strategy" {
			document.Statement = append(document.Statement, allow("LockstepAsksWhatItCosts", "*", cost.Actions()))
		}
	}
	encoder := json.NewEncoder(g.env.stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}

// reading allows what the snapshots of the Regions need.
func (g *globals) reading(cfg *config.Config, files *sources, everyStrategy bool) []statement {
	declared := evidence.Declared{Strategy: cfg.Topology.Strategy, EveryStrategy: everyStrategy, Objectives: cfg.Objectives}
	list := reads(collect.Actions(files.types(), g.inventory(cfg), declared))
	if points := collect.RecoveryActions(declared, files.types(), g.inventory(cfg)); len(points) > 0 {
		list = append(list, allow("LockstepReadsRecoveryPoints", "*", points))
	}
	if prepared := collect.TakeoverActions(cfg.Takeover); len(prepared) > 0 {
		list = append(list, allow("LockstepReadsThePreparations", "*", prepared))
	}
	return list
}

// judging allows what a deploy reads that judges the Regions first.
func (g *globals) judging(cfg *config.Config, files *sources) []statement {
	if !cfg.Deploy.Preconditions {
		return nil
	}
	return g.reading(cfg, files, false)
}

// decrypt is the one action of reading that sounds like more than reading.
const decrypt = "kms:Decrypt"

// reads allows the actions, and to decrypt only what Parameter Store or S3 decrypts
// on the way: a SecureString that is compared by its digest, and a Terraform state.
// Which key that is nobody knows beforehand; used by itself the permission opens
// nothing. Source: AWS KMS developer guide, "kms:ViaService".
func reads(actions []string) []statement {
	all := len(actions)
	actions = slices.DeleteFunc(actions, func(action string) bool { return action == decrypt })
	list := []statement{allow("LockstepReads", "*", actions)}
	if len(actions) == all {
		return list
	}
	through := allow("LockstepComparesSecretsByDigest", "*", []string{decrypt})
	through.Condition = map[string]map[string][]string{"StringLike": {"kms:ViaService": {"ssm.*.amazonaws.com*", "s3.*.amazonaws.com*"}}}
	return append(list, through)
}

// targetActions are what the kinds of targets in the release need.
func targetActions(cfg *config.Config) []string {
	var actions []string
	for _, t := range cfg.Release {
		switch {
		case t.CloudFormation != nil:
			actions = append(actions, target.Actions()...)
		case t.S3 != nil:
			actions = append(actions, target.SiteActions()...)
		case t.ECS != nil:
			actions = append(actions, target.ServiceActions()...)
		case t.Lambda != nil:
			actions = append(append(actions, target.FunctionActions()...), target.BucketActions()...)
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// checks are what asking alarms and functions needs, where the configuration does.
func checks(cfg *config.Config) []statement {
	var list []statement
	if len(cfg.Deploy.Alarms) > 0 {
		list = append(list, allow("LockstepAlarms", "*", check.AlarmActions()))
	}
	for _, h := range cfg.Deploy.Verify {
		if h.Lambda != nil {
			return append(list, allow("LockstepVerifies", "*", check.InvocationActions()))
		}
	}
	return list
}

// types are the resource types of all templates, sorted.
func (s *sources) types() []string {
	var types []string
	for _, t := range s.parsed {
		for _, resource := range t.Resources {
			types = append(types, resource.Type)
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}
