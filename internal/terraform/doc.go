// Package terraform answers what a Terraform state says exists.
//
// It owns the reading of states (the file a backend keeps, format 4, and the output of `terraform show -json`), the table that
// gives every usual aws_* type its CloudFormation type and says where its physical id stands, and the names that make a
// resource of one Region comparable with its sibling in another. What it returns names resources; what they are like is read
// from AWS by others, as for resources of stacks.
//
// A state is full of secrets. Only what the table asks for leaves this package (ids, names, ARNs, references); outputs are
// never looked at, and an attribute that is marked sensitive is never taken. The package is pure: bytes in, values out.
//
// It refuses to drop anything in silence. A type that the table lacks, a resource without an id, one whose Region cannot be
// told: each comes back as an Unmapped with the reason. Data sources, other providers' resources and deposed objects are left
// out on purpose.
package terraform
