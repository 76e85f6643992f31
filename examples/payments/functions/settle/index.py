"""Settles accepted payments and writes a receipt for each."""
import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def handler(event, _context):
    for record in event.get("Records", []):
        payment = json.loads(record["body"])
        table.update_item(
            Key={"paymentId": payment["paymentId"]},
            UpdateExpression="SET #s = :settled",
            ExpressionAttributeNames={"#s": "state"},
            ExpressionAttributeValues={":settled": "settled"},
        )
        s3.put_object(
            Bucket=os.environ["RECEIPTS"],
            Key=f"{payment['paymentId']}.json",
            Body=json.dumps(payment).encode(),
        )
