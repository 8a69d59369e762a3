"""POST /auth/token: a token for an e-mail address and a password."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.bodies import Body, Text, read_body
from freshleads.api.callers import caller_for_user
from freshleads.api.v1.answers import answer
from freshleads.api.v1.base import ApiView
from freshleads.users import authenticating, tokens
from freshleads.users.signing_up import EMAIL_LENGTH, PASSWORD_LENGTH


class TokenInput(Body):
    email = Text(max_length=EMAIL_LENGTH, help_text="Your account's e-mail address.")
    password = Text(
        max_length=PASSWORD_LENGTH, trim_whitespace=False, help_text="Your account's password."
    )


class TokenOutput(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send it as `Authorization: Bearer <token>`.")
    expires_in = serializers.IntegerField(help_text="Seconds.")
    plan = serializers.CharField(help_text="The code of your plan, such as `growth`.")


class TokenView(ApiView):
    is_public = True

    @extend_schema(
        operation_id="createToken",
        tags=["Authentication"],
        summary="Get an API token",
        request=TokenInput,
        responses={200: TokenOutput},
    )
    def post(self, request: Request) -> HttpResponse:
        """Too many wrong passwords are answered with 429."""
        credentials = read_body(request, TokenInput)
        user = authenticating.authenticate(**credentials, address=request.META["REMOTE_ADDR"])
        caller = caller_for_user(user)
        token, expires_in = tokens.issue_token(user)
        return answer(
            {"token": token, "expires_in": expires_in, "plan": caller.subscription.plan.code},
            headers={"Cache-Control": "no-store"},
        )
