package read

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// disks are the volumes of instances by their ids, and why some are not known.
type disks struct {
	volumes map[string]types.Volume
	failed  map[string]error
}

// disksOf describes together the volumes of all instances whose template says
// something about them.
func (r *run) disksOf(ctx context.Context, items []inventory.Item, found map[string]types.Instance) disks {
	wanted := map[string]bool{}
	for _, item := range items {
		for _, m := range found[item.Key].BlockDeviceMappings {
			if m.Ebs != nil && aws.ToString(m.Ebs.VolumeId) != "" && declaresDisks(item) {
				wanted[*m.Ebs.VolumeId] = true
			}
		}
	}
	l := listing[types.Volume]{
		filter: "volume-id",
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.Volume, *string, error) {
			out, err := r.clients.ec2.DescribeVolumes(ctx, &ec2.DescribeVolumesInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.Volumes, out.NextToken, nil
		},
		names: func(v types.Volume) []string { return []string{aws.ToString(v.VolumeId)} },
	}
	known := disks{volumes: map[string]types.Volume{}, failed: map[string]error{}}
	var mu sync.Mutex
	each(ctx, chunks(keysOf(wanted), perFilter), func(ids []string) {
		volumes, err := l.all(ctx, ids)
		mu.Lock()
		defer mu.Unlock()
		for _, id := range ids {
			if v, ok := volumes[id]; ok {
				known.volumes[id] = v
			} else if err != nil {
				known.failed[id] = err
			}
		}
	})
	return known
}

func declaresDisks(item inventory.Item) bool {
	return item.Declared == nil || item.Declared["BlockDeviceMappings"] != nil
}

// instanceDisks says what an instance's volumes are like. Their ids and the
// snapshots they began as are each Region's own.
func (r *run) instanceDisks(item inventory.Item, o *object, i types.Instance, known disks) {
	if !declaresDisks(item) {
		return
	}
	var list []map[string]any
	for _, m := range i.BlockDeviceMappings {
		if m.Ebs == nil {
			continue
		}
		id := aws.ToString(m.Ebs.VolumeId)
		if err := known.failed[id]; err != nil {
			r.partial(item, "BlockDeviceMappings", err)
			return
		}
		disk := newObject().take(known.volumes[id], "Size:VolumeSize", "VolumeType", "Iops", "Throughput", "Encrypted", "KmsKeyId").take(m.Ebs, "DeleteOnTermination")
		withoutBlanks(disk.properties)
		list = append(list, map[string]any{"DeviceName": aws.ToString(m.DeviceName), "Ebs": disk.properties})
	}
	if len(list) > 0 {
		sortObjects(list, "DeviceName")
		o.set("BlockDeviceMappings", list)
	}
}

// disksIn are the volumes that an instance has, and whether each goes with it.
func disksIn(i types.Instance) []map[string]any {
	list := []map[string]any{}
	for _, m := range i.BlockDeviceMappings {
		if m.Ebs != nil && aws.ToString(m.Ebs.VolumeId) != "" {
			list = append(list, map[string]any{"Id": *m.Ebs.VolumeId, "DeleteOnTermination": aws.ToBool(m.Ebs.DeleteOnTermination)})
		}
	}
	sortObjects(list, "Id")
	return list
}
