package main

import (
	"os"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/internal/template"
	"github.com/lockstep-dr/lockstep/topology"
)

// treeOf is the release as the working tree has it for one Region.
func (g *globals) treeOf(cfg *config.Config, files *sources, region topology.Region, sealer drift.Sealer) predict.Source {
	source := predict.Source{App: cfg.App, Region: region, Account: region.Account,
		Open: func(file string) (*template.Template, error) {
			text, err := os.ReadFile(g.path(file))
			if err != nil {
				return nil, err
			}
			return template.Parse(text)
		},
		Mask: func(tree any) any { return read.Mask().Tree(tree) },
		Seal: func(typeName string, declared map[string]any, parameters map[string]string) map[string]any {
			return read.SealDeclared(sealer, region.Name, region.Account, typeName, declared, parameters)
		},
	}
	for _, t := range cfg.Stacks() {
		here := t.CloudFormation.Regions[region.Name]
		stack := predict.Stack{Key: t.CloudFormation.Key, Name: here.Name, File: here.Template, Template: files.parsed[here.Template], Parameters: map[string]predict.Value{}}
		for name, value := range here.Parameters {
			stack.Parameters[name] = predict.Value{Literal: value.Literal}
			if value.Output != nil {
				stack.Parameters[name] = predict.Value{Stack: value.Output.Stack, Output: value.Output.Output}
			}
		}
		for _, asset := range t.CloudFormation.Assets {
			stack.Parameters[asset.BucketParameter] = predict.Value{Unknown: "Asset:bucket"}
			stack.Parameters[asset.KeyParameter] = predict.Value{Unknown: "Asset:" + asset.Path}
			if packed, known := files.assets[asset.Path]; known {
				stack.Parameters[asset.KeyParameter] = predict.Value{Literal: packed.ObjectKey()}
			}
		}
		source.Stacks = append(source.Stacks, stack)
	}
	return source
}

// notEvaluated adds what of the release no template says.
func notEvaluated(cfg *config.Config, s *drift.Snapshot) *drift.Snapshot {
	for _, t := range cfg.Release {
		if t.Terraform != nil {
			s.Gaps = append(s.Gaps, drift.Gap{Region: s.Region.Name, Resource: t.Terraform.Key, Operation: "terraform:Plan", Reason: "NotEvaluated",
				Message: "a Terraform configuration cannot be evaluated without credentials"})
		}
	}
	return s
}

// notTemplates says what a comparison of templates leaves out by its nature.
func notTemplates(cfg *config.Config) []string {
	if len(cfg.Inventory) == 0 {
		return nil
	}
	return []string{"the inventory (stacks, Terraform states and tags that are not part of the release) is known to AWS alone, and was not looked at."}
}
