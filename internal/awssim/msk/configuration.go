package msk

import (
	"encoding/base64"
	"strconv"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func nameConfiguration(c *core.Change) error {
	r := c.Resource
	name := wire.Text(r.Properties["Name"])
	r.Attributes["Arn"] = "arn:aws:kafka:" + r.Region + ":" + r.Account + ":configuration/" + name + "/" + c.World.IDs.UUID(r.Account, r.Region, r.Type, name) + "-1"
	return nextRevision(c)
}

// nextRevision keeps the text under the next number, counted from 1.
func nextRevision(c *core.Change) error {
	r := c.Resource
	revisions := wire.Object(r.Private).List("Revisions")
	text := wire.Text(r.Properties["ServerProperties"])
	if len(revisions) == 0 || revisions[len(revisions)-1] != text {
		revisions = append(revisions, text)
	}
	r.Private["Revisions"] = revisions
	r.Attributes["LatestRevision"] = map[string]any{"Revision": len(revisions), "CreationTime": stamp(c.World.Clock.Now()), "Description": wire.Text(r.Properties["Description"])}
	return nil
}

func configuration(c *core.Call) (store.Resource, error) {
	r, ok := c.Get(ConfigurationType, c.In.String("arn"))
	if !ok {
		return r, notFound("Configuration %s does not exist.", c.In.String("arn"))
	}
	return r, nil
}

func describeConfiguration(c *core.Call) (any, error) {
	r, err := configuration(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"arn": r.ID, "name": r.Properties["Name"], "description": r.Properties["Description"], "creationTime": stamp(r.Created), "state": "ACTIVE",
		"kafkaVersions": append([]any{}, wire.Object(r.Properties).List("KafkaVersionsList")...), "latestRevision": lowered(r.Attributes["LatestRevision"])}, nil
}

func describeRevision(c *core.Call) (any, error) {
	r, err := configuration(c)
	if err != nil {
		return nil, err
	}
	revisions := wire.Object(r.Private).Strings("Revisions")
	number, err := strconv.Atoi(c.In.String("revision"))
	if err != nil || number < 1 || number > len(revisions) {
		return nil, notFound("Revision %s does not exist.", c.In.String("revision"))
	}
	return core.Out{"arn": r.ID, "revision": number, "description": r.Properties["Description"], "creationTime": stamp(r.Created),
		"serverProperties": base64.StdEncoding.EncodeToString([]byte(revisions[number-1]))}, nil
}

// given are the members of a request; the text of a configuration travels as bytes.
func given(c *core.Call) (map[string]any, error) {
	text, err := c.In.Blob("serverProperties")
	if err != nil {
		return nil, err
	}
	out := wire.AsObject(raised(shape.Pick(c.In, "name", "description")))
	out["ServerProperties"] = string(text)
	if c.In.Has("kafkaVersions") {
		out["KafkaVersionsList"] = c.In.List("kafkaVersions")
	}
	return out, nil
}

func createConfiguration(c *core.Call) (any, error) {
	properties, err := given(c)
	if err != nil {
		return nil, err
	}
	r, err := c.Create(ConfigurationType, properties, nil)
	if err != nil {
		return nil, err
	}
	c.In["arn"] = r.ID
	return describeConfiguration(c)
}

func updateConfiguration(c *core.Call) (any, error) {
	r, err := configuration(c)
	if err != nil {
		return nil, err
	}
	properties, err := given(c)
	if err != nil {
		return nil, err
	}
	if r, err = c.Update(ConfigurationType, r.ID, properties); err != nil {
		return nil, err
	}
	return core.Out{"arn": r.ID, "latestRevision": lowered(r.Attributes["LatestRevision"])}, nil
}
