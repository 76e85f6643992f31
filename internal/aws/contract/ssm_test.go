package contract

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

func TestParametersAreStoredByVersion(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), "/"+s.unique("versions")
		api := ssm.NewFromConfig(s.config("eu-west-1"))
		put := func(value string, overwrite bool) (*ssm.PutParameterOutput, error) {
			return api.PutParameter(ctx, &ssm.PutParameterInput{Name: &name, Value: &value, Type: types.ParameterTypeString, Overwrite: &overwrite})
		}
		one, err := put("1", false)
		s.ok(err)
		if one.Version != 1 {
			s.Errorf("first version %d", one.Version)
		}
		_, err = put("2", false)
		s.code(err, "ParameterAlreadyExists")
		two, err := put("2", true)
		s.ok(err)
		if two.Version != 2 {
			s.Errorf("second version %d", two.Version)
		}
		for selector, want := range map[string]string{"": "2", ":1": "1", ":2": "2"} {
			got, err := api.GetParameter(ctx, &ssm.GetParameterInput{Name: str(name + selector)})
			s.ok(err)
			if *got.Parameter.Value != want || *got.Parameter.ARN == "" || got.Parameter.LastModifiedDate == nil {
				s.Errorf("%s%s: %+v", name, selector, got.Parameter)
			}
		}
		elsewhere := ssm.NewFromConfig(s.config("us-east-1"))
		_, err = elsewhere.GetParameter(ctx, &ssm.GetParameterInput{Name: &name})
		s.code(err, "ParameterNotFound")
		history, err := api.GetParameterHistory(ctx, &ssm.GetParameterHistoryInput{Name: &name})
		s.ok(err)
		if len(history.Parameters) != 2 {
			s.Errorf("%d versions in the history", len(history.Parameters))
		}
		_, err = api.DeleteParameter(ctx, &ssm.DeleteParameterInput{Name: &name})
		s.ok(err)
		_, err = api.DeleteParameter(ctx, &ssm.DeleteParameterInput{Name: &name})
		s.code(err, "ParameterNotFound")
	})
}

func TestParametersAreReadInBatchesAndByPath(t *testing.T) {
	both(t, "", func(s side) {
		ctx, root := context.Background(), "/"+s.unique("path")
		api := ssm.NewFromConfig(s.config("eu-west-1"))
		for _, leaf := range []string{"/a", "/b", "/deep/c"} {
			_, err := api.PutParameter(ctx, &ssm.PutParameterInput{Name: str(root + leaf), Value: str(leaf), Type: types.ParameterTypeString})
			s.ok(err)
		}
		some, err := api.GetParameters(ctx, &ssm.GetParametersInput{Names: []string{root + "/a", root + "/none"}})
		s.ok(err)
		if len(some.Parameters) != 1 || len(some.InvalidParameters) != 1 || some.InvalidParameters[0] != root+"/none" {
			s.Errorf("batch: %+v", some)
		}
		for recursive, want := range map[bool]int{false: 2, true: 3} {
			names := map[string]bool{}
			pages := ssm.NewGetParametersByPathPaginator(api, &ssm.GetParametersByPathInput{Path: &root, Recursive: &recursive, MaxResults: aws.Int32(1)})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				s.ok(err)
				for _, p := range page.Parameters {
					names[*p.Name] = true
				}
			}
			if len(names) != want {
				s.Errorf("recursive=%v: %v", recursive, names)
			}
		}
		if s.sim != nil { // moto takes any path
			_, err = api.GetParametersByPath(ctx, &ssm.GetParametersByPathInput{Path: str("no-slash")})
			s.code(err, "ValidationException")
		}
		listed, err := api.DescribeParameters(ctx, &ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{
			{Key: str("Path"), Option: str("Recursive"), Values: []string{root}}}})
		s.ok(err)
		if len(listed.Parameters) != 3 {
			s.Errorf("described %d", len(listed.Parameters))
		}
	})
}

func TestSecureStringsAreMaskedUntilDecrypted(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), "/"+s.unique("secure")
		api := ssm.NewFromConfig(s.config("eu-west-1"))
		_, err := api.PutParameter(ctx, &ssm.PutParameterInput{Name: &name, Value: str("clear"), Type: types.ParameterTypeSecureString})
		s.ok(err)
		masked, err := api.GetParameter(ctx, &ssm.GetParameterInput{Name: &name})
		s.ok(err)
		if *masked.Parameter.Value == "clear" {
			s.Error("the value is shown without decryption")
		}
		open, err := api.GetParameter(ctx, &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
		s.ok(err)
		if *open.Parameter.Value != "clear" || open.Parameter.Type != types.ParameterTypeSecureString {
			s.Errorf("decrypted: %+v", open.Parameter)
		}
	})
}

func TestParametersAreTagged(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), "/"+s.unique("tags")
		api := ssm.NewFromConfig(s.config("eu-west-1"))
		_, err := api.PutParameter(ctx, &ssm.PutParameterInput{Name: &name, Value: str("v"), Type: types.ParameterTypeString, Tags: []types.Tag{{Key: str("a"), Value: str("1")}}})
		s.ok(err)
		_, err = api.AddTagsToResource(ctx, &ssm.AddTagsToResourceInput{ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: &name, Tags: []types.Tag{{Key: str("b"), Value: str("2")}}})
		s.ok(err)
		_, err = api.RemoveTagsFromResource(ctx, &ssm.RemoveTagsFromResourceInput{ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: &name, TagKeys: []string{"a"}})
		s.ok(err)
		tags, err := api.ListTagsForResource(ctx, &ssm.ListTagsForResourceInput{ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: &name})
		s.ok(err)
		if len(tags.TagList) != 1 || *tags.TagList[0].Key != "b" {
			s.Errorf("tags %+v", tags.TagList)
		}
		got, err := api.GetParameter(ctx, &ssm.GetParameterInput{Name: &name})
		s.ok(err)
		if got.Parameter.Version != 1 {
			s.Errorf("tagging made version %d", got.Parameter.Version)
		}
	})
}
