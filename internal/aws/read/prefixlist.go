package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func prefixListReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::EC2::PrefixList",
			Properties: []string{"PrefixListName", "AddressFamily", "MaxEntries", "Entries", "Tags"},
			Actions:    []string{"ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"},
			Batch:      perCall(perFilter) + ", and the entries of each",
			Identities: []string{"PrefixListId", "Arn"},
		}},
		read: readPrefixLists,
	}
}

func readPrefixLists(ctx context.Context, r *run, items []inventory.Item) {
	readListed(ctx, r, items, listPrefixLists(r), func(item inventory.Item, l types.ManagedPrefixList) {
		o := newObject().take(l, "PrefixListName", "AddressFamily", "MaxEntries").
			identity("PrefixListId", aws.ToString(l.PrefixListId)).identity("Arn", aws.ToString(l.PrefixListArn)).
			tagList(l.Tags, "Key", "Value")
		entries, err := r.prefixListEntries(ctx, aws.ToString(l.PrefixListId))
		if err != nil {
			r.partial(item, "Entries", err)
		} else {
			o.set("Entries", entries)
		}
		r.found(item, o)
	})
}

func listPrefixLists(r *run) listing[types.ManagedPrefixList] {
	return listing[types.ManagedPrefixList]{
		filter: "prefix-list-id",
		ask:    physicalID,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.ManagedPrefixList, *string, error) {
			out, err := r.clients.ec2.DescribeManagedPrefixLists(ctx, &ec2.DescribeManagedPrefixListsInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.PrefixLists, out.NextToken, nil
		},
		names: func(l types.ManagedPrefixList) []string { return []string{aws.ToString(l.PrefixListId)} },
	}
}

// prefixListEntries are the ranges of a list, sorted.
func (r *run) prefixListEntries(ctx context.Context, id string) ([]map[string]any, error) {
	entries := []map[string]any{}
	pages := ec2.NewGetManagedPrefixListEntriesPaginator(r.clients.ec2, &ec2.GetManagedPrefixListEntriesInput{PrefixListId: &id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Entries {
			entry := map[string]any{"Cidr": aws.ToString(e.Cidr)}
			if aws.ToString(e.Description) != "" {
				entry["Description"] = *e.Description
			}
			entries = append(entries, entry)
		}
	}
	sortObjects(entries, "Cidr")
	return entries, nil
}

// describePrefixLists says what prefix lists of others hold: a list of AWS is
// its name, one of a customer is its ranges.
func (r *run) describePrefixLists(ctx context.Context, ids []string) ([]content, error) {
	found, err := listPrefixLists(r).all(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []content
	for _, id := range ids {
		l, ok := found[id]
		if !ok {
			list = append(list, content{id: id, kind: "PrefixList", beside: map[string]any{"State": "gone"}})
			continue
		}
		c := content{
			id: id, kind: "PrefixList", name: aws.ToString(l.PrefixListName),
			alike:  map[string]any{"AddressFamily": aws.ToString(l.AddressFamily)},
			beside: map[string]any{"State": l.State},
		}
		if aws.ToString(l.OwnerId) == "AWS" {
			c.alike["Name"] = r.regionFree(aws.ToString(l.PrefixListName))
		} else if c.alike["Entries"], err = r.prefixListEntries(ctx, id); err != nil {
			return list, err
		}
		list = append(list, c)
	}
	return list, nil
}
