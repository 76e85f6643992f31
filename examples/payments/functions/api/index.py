"""Accepts a payment: stores it once and announces it."""
import json
import os
import uuid

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
sns = boto3.client("sns")


def handler(event, _context):
    order = json.loads(event["body"])
    payment = {
        "paymentId": order.get("paymentId") or str(uuid.uuid4()),
        "customerId": order["customerId"],
        "createdAt": event["requestContext"]["requestTime"],
        "amount": str(order["amount"]),
        "state": "accepted",
    }
    table.put_item(Item=payment, ConditionExpression="attribute_not_exists(paymentId)")
    sns.publish(TopicArn=os.environ["TOPIC"], Message=json.dumps(payment))
    return {"statusCode": 202, "body": json.dumps({"paymentId": payment["paymentId"]})}
