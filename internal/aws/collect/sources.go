package collect

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// Inventory is what the configuration names beside stacks.
type Inventory struct {
	Terraform []inventory.Terraform
	// Tags are sources of their own: a resource belongs that has all tags of one.
	Tags []map[string]string
	// File reads a Terraform state that is a local file.
	File func(path string) ([]byte, error)
}

// Setup reports whether an error of Snapshots says that the configuration names
// something that is not what it must be.
func Setup(err error) bool {
	var state *inventory.StateError
	return errors.As(err, &state)
}

// actions are those that listing needs. A state that is encrypted with a key of
// KMS needs kms:Decrypt; without ListBucket, S3 says "forbidden" of one that is
// not there.
func (i Inventory) actions() []string {
	var actions []string
	for _, source := range i.Terraform {
		for _, location := range source.State {
			if strings.HasPrefix(location, "s3://") {
				actions = append(actions, "kms:Decrypt", "s3:GetObject", "s3:ListBucket")
			}
		}
	}
	if len(i.Tags) > 0 {
		actions = append(actions, "tag:GetResources")
	}
	return actions
}

// Unlisted reports whether the types of the resources cannot be told without
// asking AWS.
func (i Inventory) Unlisted() bool { return len(i.Terraform)+len(i.Tags) > 0 }

// CheckFiles reads the Terraform states that are local files; those in S3 are
// left alone. The error is as of Snapshots.
func (i Inventory) CheckFiles() error {
	var failures []error
	for _, source := range i.Terraform {
		failures = append(failures, inventory.CheckFiles(source, i.File))
	}
	return errors.Join(failures...)
}

// states reads the Terraform states, which concern all Regions together.
func (o Options) states(ctx context.Context, open func(i int) (session.ReadOnly, *session.Error)) (map[string]inventory.More, error) {
	reader := inventory.StateReader{
		Topology: o.Topology, File: o.Inventory.File,
		Open: func(region string) (session.ReadOnly, bool) {
			readOnly, unreachable := open(slices.Index(o.Topology.Names(), region))
			return readOnly, unreachable == nil
		},
	}
	return reader.Read(ctx, o.Inventory.Terraform)
}

// list is everything that the sources list of one Region; found hears of the
// items early.
func (o Options) list(ctx context.Context, readOnly session.ReadOnly, states inventory.More, found func([]inventory.Item)) (inventory.Listing, error) {
	listing, err := inventory.List(ctx, readOnly, o.Stacks, found)
	if err != nil {
		return inventory.Listing{}, err
	}
	listing, added := listing.With(states)
	found(added)
	if len(o.Inventory.Tags) > 0 {
		others := slices.DeleteFunc(o.Topology.Names(), func(region string) bool { return region == readOnly.Region() })
		tagged, err := inventory.NewTagLister(readOnly, others).List(ctx, o.Inventory.Tags, listing)
		if err != nil {
			return inventory.Listing{}, err
		}
		listing, added = listing.With(tagged)
		found(added)
	}
	return listing.Settled(read.Covers), nil
}
