"""What makes the identity of an enterprise valid: the credit code, judged as everybody else's is."""

from central.organisation.credit_code import check_character, credit_code_problem, normal_credit_code

__all__ = ["check_character", "credit_code_problem", "normal_credit_code"]
