package ecr

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// images lists those of a repository.
func images(c *core.Call, r store.Resource) []store.Resource {
	return c.Read().Prefix(r.Scope, imageType, r.ID+"@")
}

// dropImages empties a repository that is deleted: who deletes it has been asked before whether that is meant.
func dropImages(c *core.Change) error {
	for _, image := range c.World.Store.View(0).Prefix(c.Resource.Scope, imageType, c.Resource.ID+"@") {
		c.World.Store.Delete(image.Scope, imageType, image.ID)
	}
	return nil
}

// imageTags are the tags of an image, sorted.
func imageTags(image store.Resource) []string { return wire.Object(image.Properties).Strings("Tags") }

// named finds the image that an identifier names: by digest, by tag, or by both when they belong together.
func named(all []store.Resource, id wire.Object) (store.Resource, bool) {
	for _, image := range all {
		_, digest, _ := strings.Cut(image.ID, "@")
		byDigest := id.String("imageDigest") == "" || id.String("imageDigest") == digest
		byTag := id.String("imageTag") == "" || slices.Contains(imageTags(image), id.String("imageTag"))
		if byDigest && byTag && (id.Has("imageDigest") || id.Has("imageTag")) {
			return image, true
		}
	}
	return store.Resource{}, false
}

// identifier names an image as an answer does: by its digest, and by the tag that the request used.
func identifier(image store.Resource, tag string) core.Out {
	_, digest, _ := strings.Cut(image.ID, "@")
	out := core.Out{"imageDigest": digest}
	if tag != "" {
		out["imageTag"] = tag
	}
	return out
}

func batchGetImage(c *core.Call) (any, error) {
	r, err := repositoryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	held, found, failures := images(c, r), []any{}, []any{}
	for _, id := range c.In.Objects("imageIds") {
		image, ok := named(held, id)
		if !ok {
			failures = append(failures, core.Out{"imageId": id, "failureCode": "ImageNotFound", "failureReason": "Requested image not found"})
			continue
		}
		found = append(found, core.Out{"registryId": r.Account, "repositoryName": r.ID, "imageId": identifier(image, id.String("imageTag")),
			"imageManifest": image.Properties["Manifest"], "imageManifestMediaType": image.Properties["MediaType"]})
	}
	return core.Out{"images": found, "failures": failures}, nil
}

func describeImages(c *core.Call) (any, error) {
	r, err := repositoryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	held := images(c, r)
	wanted := held
	if ids := c.In.Objects("imageIds"); len(ids) > 0 {
		wanted = nil
		for _, id := range ids {
			image, ok := named(held, id)
			if !ok {
				return nil, refused("ImageNotFoundException", "The image with imageId %v does not exist within the repository with name '%s' in the registry with id '%s'", id, r.ID, r.Account)
			}
			wanted = append(wanted, image)
		}
	}
	list := []any{}
	for _, image := range wanted {
		list = append(list, core.Merge(identifier(image, ""), map[string]any{"registryId": r.Account, "repositoryName": r.ID, "imageTags": imageTags(image),
			"imagePushedAt": image.Created, "imageSizeInBytes": len(wire.Text(image.Properties["Manifest"])), "imageManifestMediaType": image.Properties["MediaType"]}))
	}
	return core.Page{Size: 100, Token: "nextToken", Max: "maxResults"}.Cut(c, "imageDetails", list)
}

// putImage keeps a manifest under its digest and moves the tag to it, here and wherever the registry copies its images to.
func putImage(c *core.Call) (any, error) {
	r, err := repositoryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	manifest, tag := c.In.String("imageManifest"), c.In.String("imageTag")
	sum := sha256.Sum256([]byte(manifest))
	digest := "sha256:" + hex.EncodeToString(sum[:])
	if old, ok := named(images(c, r), wire.Object{"imageTag": tag}); ok && tag != "" {
		switch {
		case strings.HasSuffix(old.ID, "@"+digest):
			return nil, refused("ImageAlreadyExistsException", "Image with digest '%s' and tag '%s' already exists in the repository with name '%s' in registry with id '%s'", digest, tag, r.ID, r.Account)
		case wire.Text(r.Properties["ImageTagMutability"]) == "IMMUTABLE":
			return nil, refused("ImageTagAlreadyExistsException", "The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the repository is immutable.", tag, r.ID)
		}
	}
	push(c.World, r.Scope, r.ID, digest, tag, manifest, c.In.Or("imageManifestMediaType", "application/vnd.docker.distribution.manifest.v2+json"))
	for _, to := range destinations(c, r) {
		if _, ok := c.World.Store.Get(to, Type, r.ID); !ok {
			_, _ = c.World.Create(to, Type, map[string]any{"RepositoryName": r.ID}, core.Origin{}) // another push may have made it
		}
		push(c.World, to, r.ID, digest, tag, manifest, c.In.Or("imageManifestMediaType", "application/vnd.docker.distribution.manifest.v2+json"))
	}
	return core.Out{"image": core.Out{"registryId": r.Account, "repositoryName": r.ID, "imageManifest": manifest,
		"imageId": core.Out{"imageDigest": digest, "imageTag": tag}}}, nil
}

func push(w *core.World, scope store.Scope, repository, digest, tag, manifest, media string) {
	id := repository + "@" + digest
	tags := []any{}
	for _, image := range w.Store.View(0).Prefix(scope, imageType, repository+"@") {
		kept := slices.DeleteFunc(wire.Object(image.Properties).List("Tags"), func(t any) bool { return t == tag })
		if image.ID == id {
			tags = kept
			continue
		}
		image.Properties["Tags"] = kept
		w.Store.Put(image)
	}
	if tag != "" {
		tags = append(tags, tag)
	}
	w.Store.Put(store.Resource{Scope: scope, Type: imageType, ID: id, Private: map[string]any{}, Attributes: map[string]any{},
		Properties: map[string]any{"Manifest": manifest, "MediaType": media, "Tags": tags}})
}

func batchDeleteImage(c *core.Call) (any, error) {
	r, err := repositoryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	gone, failures := []any{}, []any{}
	for _, id := range c.In.Objects("imageIds") {
		image, ok := named(images(c, r), id)
		if !ok {
			failures = append(failures, core.Out{"imageId": id, "failureCode": "ImageNotFound", "failureReason": "Requested image not found"})
			continue
		}
		c.World.Store.Delete(image.Scope, imageType, image.ID)
		gone = append(gone, identifier(image, id.String("imageTag")))
	}
	return core.Out{"imageIds": gone, "failures": failures}, nil
}
