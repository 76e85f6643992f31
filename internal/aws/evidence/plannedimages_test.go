package evidence

import (
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestWhichImagesOfAChangeAreAskedFor(t *testing.T) {
	const image = "111111111111.dkr.ecr.us-west-2.amazonaws.com/web:2"
	task := func(image string) tree {
		return tree{"ContainerDefinitions": []any{tree{"Name": "web", "Image": image}}}
	}
	function := func(image string) tree { return tree{"Code": tree{"ImageUri": image}} }
	for name, c := range map[string]struct {
		kind    string
		planned drift.Planned
		says    tree
		known   string // of an image that was looked up for it before
		want    []string
	}{
		"of a task definition":                   {definitionType, drift.PlannedCreate, task(image), "", []string{image}},
		"of a function":                          {functionType, drift.PlannedUpdate, function(image), "another:1", []string{image}},
		"of a function whose image stays":        {functionType, drift.PlannedUpdate, function(image), image, nil},
		"of what does not change":                {definitionType, "", task(image), "", nil},
		"of a repository that the change makes":  {definitionType, drift.PlannedCreate, task("${Repository.RepositoryUri}:2"), "", nil},
		"of a public registry":                   {definitionType, drift.PlannedCreate, task("nginx:1"), "", nil},
		"of a function that is no container":     {functionType, drift.PlannedCreate, tree{"Code": tree{"S3Key": "a.zip"}}, "", nil},
		"of a parameter that shows nobody's tag": {definitionType, drift.PlannedCreate, task("111111111111.dkr.ecr.us-west-2.amazonaws.com/web:${Tag}"), "", nil},
	} {
		s := &drift.Snapshot{Resources: []drift.Resource{{Key: "app/It", Type: c.kind, Planned: c.planned, Properties: c.says, Declared: c.says}}}
		if c.known != "" {
			s.Facts = []drift.Fact{{Kind: drift.FactImages, Subject: "app/It", Value: tree{"Images": []any{tree{"Image": c.known}}}}}
		}
		var have []string
		for _, w := range plannedImages(s) {
			have = append(have, w.image)
		}
		if !slices.Equal(have, c.want) || StartsUnread(s) != (len(c.want) > 0) {
			t.Errorf("%s: %v, want %v", name, have, c.want)
		}
	}
}
