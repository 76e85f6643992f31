package evidence

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type connectionsAPI interface {
	ec2.DescribeVpcPeeringConnectionsAPIClient
	ec2.DescribeTransitGatewayAttachmentsAPIClient
}

const (
	vpcType     = "AWS::EC2::VPC"
	peeringType = "AWS::EC2::VPCPeeringConnection"
)

// attachmentTypes are the ways in which CloudFormation attaches to a transit gateway.
var attachmentTypes = []string{"AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment", "AWS::EC2::TransitGatewayPeeringAttachment"}

func connectionActions(used []string) []string {
	if uses(append([]string{vpcType, peeringType}, attachmentTypes...), used) {
		return []string{"ec2:DescribeTransitGatewayAttachments", "ec2:DescribeVpcPeeringConnections"}
	}
	return nil
}

// connection is a way out of a VPC: what the two ends are, and its state.
type connection struct {
	kind, id, state, message string
	ends                     []types.VpcPeeringConnectionVpcInfo // of a peering connection
	vpc                      string                              // of an attachment
}

// connections reads the peering connections and the attachments to transit
// gateways that the Region declares, and those that its VPCs have besides: a
// network's are often made by other people than the application's.
func (a *across) connections(ctx context.Context, api connectionsAPI) {
	vpcs, peerings, attachments := of(a.own, vpcType), of(a.own, peeringType), of(a.own, attachmentTypes...)
	if len(vpcs)+len(peerings)+len(attachments) == 0 {
		return
	}
	peered, noPeerings := peeringConnections(ctx, api)
	a.declaredConnections(drift.FactPeeringState, peerings, peered, noPeerings)
	attached, noAttachments := transitAttachments(ctx, api)
	a.declaredConnections(drift.FactAttachmentState, attachments, attached, noAttachments)
	for _, vpc := range vpcs {
		for _, err := range []error{noPeerings, noAttachments} {
			if err != nil {
				a.failed(drift.FactVPCConnections, vpc.Key, vpc.Type, err)
			}
		}
		if noPeerings == nil && noAttachments == nil {
			a.fact(drift.FactVPCConnections, vpc.Key, map[string]any{"Connections": waysOut(vpc.ID, append(slices.Clone(peered), attached...))})
		}
	}
}

// declaredConnections records the state of those that are resources of the application.
func (a *across) declaredConnections(kind string, resources []*drift.Resource, found []connection, err error) {
	for _, r := range resources {
		i := slices.IndexFunc(found, func(c connection) bool { return c.id == r.ID })
		switch {
		case err != nil:
			a.failed(kind, r.Key, r.Type, err)
		case i < 0:
			a.gap(drift.Gap{Resource: r.Key, Type: r.Type, Operation: "ec2:Describe" + map[bool]string{true: "VpcPeeringConnections", false: "TransitGatewayAttachments"}[kind == drift.FactPeeringState],
				Reason: session.NotFound, Message: "it is not among those that the Region has", Fact: kind})
		case kind == drift.FactAttachmentState:
			a.fact(kind, r.Key, map[string]any{"State": found[i].state})
		default:
			_, peer := found[i].peerOf(text(r.Properties, "VpcId"))
			a.fact(kind, r.Key, map[string]any{"Code": found[i].state, "Message": found[i].message, "Peer": aws.ToString(peer.Region)})
		}
	}
}

// waysOut are the connections of one VPC.
func waysOut(vpc string, all []connection) []map[string]any {
	list := []map[string]any{}
	for _, c := range all {
		own, peer := c.peerOf(vpc)
		if own || c.vpc == vpc {
			list = append(list, map[string]any{"Kind": c.kind, "Id": c.id, "State": c.state, "PeerVpc": aws.ToString(peer.VpcId), "PeerRegion": aws.ToString(peer.Region)})
		}
	}
	return list
}

// peerOf is the end of a peering connection that is not the VPC's, and whether the
// other one is.
func (c connection) peerOf(vpc string) (own bool, peer types.VpcPeeringConnectionVpcInfo) {
	for i, end := range c.ends {
		if aws.ToString(end.VpcId) == vpc {
			return true, c.ends[1-i]
		}
	}
	return false, peer
}

func peeringConnections(ctx context.Context, api connectionsAPI) (all []connection, err error) {
	pages := ec2.NewDescribeVpcPeeringConnectionsPaginator(api, &ec2.DescribeVpcPeeringConnectionsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, p := range page.VpcPeeringConnections {
			c := connection{kind: "peering connection", id: aws.ToString(p.VpcPeeringConnectionId)}
			if p.Status != nil {
				c.state, c.message = string(p.Status.Code), aws.ToString(p.Status.Message)
			}
			if p.RequesterVpcInfo != nil && p.AccepterVpcInfo != nil {
				c.ends = []types.VpcPeeringConnectionVpcInfo{*p.RequesterVpcInfo, *p.AccepterVpcInfo}
			}
			all = append(all, c)
		}
	}
	return all, nil
}

func transitAttachments(ctx context.Context, api connectionsAPI) (all []connection, err error) {
	pages := ec2.NewDescribeTransitGatewayAttachmentsPaginator(api, &ec2.DescribeTransitGatewayAttachmentsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, t := range page.TransitGatewayAttachments {
			c := connection{kind: "transit gateway attachment", id: aws.ToString(t.TransitGatewayAttachmentId), state: string(t.State)}
			if t.ResourceType == types.TransitGatewayAttachmentResourceTypeVpc {
				c.vpc = aws.ToString(t.ResourceId)
			}
			all = append(all, c)
		}
	}
	return all, nil
}
